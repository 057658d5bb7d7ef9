using System.Text.Json.Nodes;
using OmsWorkflows.Local.Receiver;

// A receiver of notifications, to copy from: verify, keep, answer; do the work afterwards.
// Receiver:Secret and Receiver:NextSecret are those of the app (Notifications:CurrentSecret, Notifications:NextSecret).
var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
var settings = builder.Configuration.GetSection("Receiver");
var verifier = new NotificationVerifier(
    ((string?[])[settings["Secret"], settings["NextSecret"]]).OfType<string>().Where(secret => secret.Length > 0), TimeProvider.System);
var told = new ToldFile(settings["File"] ?? "told.jsonl");

await using var app = builder.Build();
app.MapPost("/told", async (HttpRequest request) =>
{
    using var body = new MemoryStream();
    await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
    var id = request.Headers["webhook-id"].ToString();
    if (!verifier.IsGenuine(
        id, request.Headers["webhook-timestamp"].ToString(), request.Headers["webhook-signature"].ToString(), body.ToArray()))
    {
        return Results.Unauthorized();
    }

    var notification = JsonNode.Parse(body.ToArray())!;
    if (told.Add(id, notification))
        Console.WriteLine($"{SubjectOf(notification["data"]!)} {notification["sequence"]} {notification["type"]}");
    return Results.NoContent();
});
app.Lifetime.ApplicationStarted.Register(() =>
{
    // One line a parent process can wait for and read the port from; port 0 is resolved by now.
    foreach (var url in app.Urls)
        Console.WriteLine($"Now listening on: {url}");
});
await app.RunAsync();

// A journey has an id, a deposit its transaction's.
static JsonNode? SubjectOf(JsonNode data) => data["id"] ?? data["transactionId"];
