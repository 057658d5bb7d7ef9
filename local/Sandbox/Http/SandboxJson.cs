using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OmsWorkflows.Local.Sandbox.Http;

/// <summary>How everything is written: camelCase, times in UTC with whole seconds or milliseconds (docs/oms-api.md 1).</summary>
internal static class SandboxJson
{
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        Converters = { new TimestampWriter(), new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Time(DateTimeOffset value) => value.ToUniversalTime().ToString(
        value.Millisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private sealed class TimestampWriter : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
            => reader.GetDateTimeOffset();

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options)
            => writer.WriteStringValue(Time(value));
    }
}

/// <summary>Answers.</summary>
internal static class Answer
{
    public static IResult Ok<T>(T value) => Results.Json(value, SandboxJson.Options, statusCode: StatusCodes.Status200OK);

    public static IResult Created<T>(T value) => Results.Json(value, SandboxJson.Options, statusCode: StatusCodes.Status201Created);
}
