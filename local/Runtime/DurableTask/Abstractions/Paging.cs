using System.Runtime.CompilerServices;

namespace Microsoft.DurableTask;

/// <summary>One page of a longer result.</summary>
/// <typeparam name="T">Type of an item.</typeparam>
public sealed class Page<T>
    where T : notnull
{
    /// <summary>Creates a page.</summary>
    /// <param name="values">Its items.</param>
    /// <param name="continuationToken">What fetches the next page; <see langword="null"/> on the last.</param>
    public Page(IReadOnlyList<T> values, string? continuationToken = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        Values = values;
        ContinuationToken = continuationToken;
    }

    /// <summary>The items.</summary>
    public IReadOnlyList<T> Values { get; }

    /// <summary>What fetches the next page; <see langword="null"/> on the last.</summary>
    public string? ContinuationToken { get; }
}

/// <summary>A result fetched page by page while it is read.</summary>
/// <typeparam name="T">Type of an item.</typeparam>
public abstract class AsyncPageable<T> : IAsyncEnumerable<T>
    where T : notnull
{
    /// <summary>Reads the result by pages.</summary>
    /// <param name="continuationToken">Where to go on; from the start when left out.</param>
    /// <param name="pageSizeHint">Wanted items per page.</param>
    public abstract IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = default, int? pageSizeHint = default);

    /// <summary>Reads the result item by item.</summary>
    /// <param name="cancellationToken">Stops the reading.</param>
    public async IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        await foreach (var page in AsPages().WithCancellation(cancellationToken))
        {
            foreach (var value in page.Values)
            {
                yield return value;
            }
        }
    }
}

/// <summary>Makes pageables.</summary>
public static class Pageable
{
    /// <summary>Makes a pageable of a function that fetches a page.</summary>
    /// <typeparam name="T">Type of an item.</typeparam>
    /// <param name="pageFunc">Fetches the page a continuation token stands for.</param>
    public static AsyncPageable<T> Create<T>(Func<string?, CancellationToken, Task<Page<T>>> pageFunc)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(pageFunc);
        return new FuncPageable<T>((token, _, cancellation) => pageFunc(token, cancellation));
    }

    /// <summary>Makes a pageable of a function that fetches a page of a wanted size.</summary>
    /// <typeparam name="T">Type of an item.</typeparam>
    /// <param name="pageFunc">Fetches the page a continuation token stands for.</param>
    public static AsyncPageable<T> Create<T>(Func<string?, int?, CancellationToken, Task<Page<T>>> pageFunc)
        where T : notnull
    {
        ArgumentNullException.ThrowIfNull(pageFunc);
        return new FuncPageable<T>(pageFunc);
    }

    private sealed class FuncPageable<T>(Func<string?, int?, CancellationToken, Task<Page<T>>> fetch) : AsyncPageable<T>
        where T : notnull
    {
        public override IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = default, int? pageSizeHint = default) =>
            ReadAsync(continuationToken, pageSizeHint);

        private async IAsyncEnumerable<Page<T>> ReadAsync(
            string? token, int? size, [EnumeratorCancellation] CancellationToken cancellation = default)
        {
            do
            {
                var page = await fetch(token, size, cancellation);
                yield return page;
                token = page.ContinuationToken;
            }
            while (token is not null);
        }
    }
}
