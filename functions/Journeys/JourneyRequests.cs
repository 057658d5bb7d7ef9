using FluentValidation;
using FluentValidation.Results;
using Microsoft.AspNetCore.Http;
using OmsWorkflows.Operations;

namespace OmsWorkflows.Journeys;

/// <summary>What the endpoints of all journeys share: the caller's key, validation, the answer to a start.</summary>
internal static class JourneyRequests
{
    /// <summary>The header of a start.</summary>
    public const string IdempotencyKey = "Idempotency-Key";

    /// <summary>Reads the caller's key.</summary>
    public static (string? Key, IResult? Problem) ReadKey(HttpRequest request)
    {
        var key = request.Headers[IdempotencyKey];
        return key.Count == 1 && JourneyId.IsValidKey(key[0])
            ? (key[0], null)
            : (null, Problems.Of(
                StatusCodes.Status400BadRequest,
                "idempotency-key-required",
                "An Idempotency-Key is needed",
                "Send one header 'Idempotency-Key' with 1 to 255 printable ASCII characters, new for each thing you want to happen once. Send the same key again to repeat a request safely."));
    }

    /// <summary>Validates; <see langword="null"/> if all is well, else a problem that names each field as the caller wrote it.</summary>
    public static IResult? Validate<T>(IValidator<T> validator, T value)
    {
        var result = validator.Validate(value);
        return result.IsValid ? null : Problems.Validation(result.Errors.GroupBy(FieldName).ToDictionary(field => field.Key, field => field.Select(error => error.ErrorMessage).ToArray()));
    }

    /// <summary>The answer to a key that was used for another request.</summary>
    public static IResult KeyReused() => Problems.Conflict(
        "idempotency-key-reused", "This Idempotency-Key was used for another request", "Use a new key for a new request; repeat the first request byte for byte to get its journey.");

    private static string FieldName(ValidationFailure failure)
        => string.Join('.', failure.PropertyName.Split('.').Select(part => part.Length == 0 ? part : char.ToLowerInvariant(part[0]) + part[1..]));
}
