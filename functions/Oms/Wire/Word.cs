namespace OmsWorkflows.Oms;

/// <summary>
/// OMS's vocabulary: states, assets, networks, endorsements, codes. Letter case and the separators <c>_</c> and <c>-</c> do not tell two
/// words apart: different pages of OMS's own documentation spell the same word differently (docs/oms-api.md 13).
/// </summary>
public static class Word
{
    private const int MaxLength = 64;

    /// <summary>Whether two words are the same word; nothing is the same as no word.</summary>
    public static bool Same(string? one, string? other)
        => one is not null && other is not null && Fold(one).Equals(Fold(other), StringComparison.Ordinal);

    /// <summary>OMS leaves some members out in some answers; one that is there has to be the word.</summary>
    internal static bool IsUnsaidOr(string? said, string expected) => said is null || Same(said, expected);

    /// <summary>A word in a form in which equal words are equal texts.</summary>
    internal static string Fold(string word)
        => string.Concat(word.Where(character => character is not ('_' or '-'))).ToLowerInvariant();

    /// <summary>
    /// Whether a text looks like a word: letters, digits and separators, not long. What does not must not reach logs or histories.
    /// </summary>
    internal static bool IsOne(string? text)
        => text is { Length: > 0 and <= MaxLength }
            && text.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.');
}
