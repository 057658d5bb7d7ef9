using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.SampleApp;

public sealed class HttpFunctions(ILogger<HttpFunctions> logger)
{
    [Function(nameof(Open))]
    public IResult Open([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "open")] HttpRequest request) => Results.Text("open");

    [Function(nameof(Guarded))]
    public IResult Guarded([HttpTrigger(AuthorizationLevel.Function, "get", Route = "guarded")] HttpRequest request)
        => Results.Text("guarded");

    [Function(nameof(Ruled))]
    public IResult Ruled([HttpTrigger(AuthorizationLevel.Admin, "get", Route = "ruled")] HttpRequest request) => Results.Text("ruled");

    [Function(nameof(ByNumber))]
    public IResult ByNumber(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things/{number:int}/{rest?}")] HttpRequest request,
        int number,
        string? rest)
        => Results.Text($"number {number} {rest ?? "none"}");

    [Function(nameof(ByName))]
    public IResult ByName(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "things/{name:alpha}")] HttpRequest request, string name)
        => Results.Text($"name {name}");

    [Function(nameof(WithoutRoute))]
    public IResult WithoutRoute([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request)
        => Results.Text($"{request.Method} {request.Scheme}://{request.Host}{request.Path}{request.QueryString}");

    [Function(nameof(Header))]
    public IResult Header(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "headers/{name}")] HttpRequest request, string name)
        => Results.Text(request.Headers[name].ToString());

    [Function(nameof(Echo))]
    public async Task<IActionResult> Echo([HttpTrigger(AuthorizationLevel.Anonymous, "post", "put", Route = "echo")] HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        request.HttpContext.Response.Headers["X-Answered-By"] = "sample";
        return new ContentResult { StatusCode = 201, Content = await reader.ReadToEndAsync(), ContentType = "text/plain" };
    }

    [Function(nameof(Redirect))]
    public IResult Redirect([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "redirect")] HttpRequest request)
        => Results.Redirect("http://elsewhere.example/");

    [Function(nameof(Throws))]
    public IResult Throws([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "throws")] HttpRequest request)
        => throw new InvalidOperationException("thrown on purpose");

    [Function(nameof(Trace))]
    public IResult Trace([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "trace")] HttpRequest request, FunctionContext context)
        => Results.Text($"{context.TraceContext.TraceParent} {Activity.Current?.TraceId} {context.TraceContext.TraceState}");

    [Function(nameof(Setting))]
    public IResult Setting([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "settings/{name}")] HttpRequest request, string name)
        => Results.Text(Environment.GetEnvironmentVariable(name) ?? "(none)");

    [Function(nameof(ProcessId))]
    public IResult ProcessId([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "process")] HttpRequest request)
        => Results.Text($"{Environment.ProcessId}");

    [Function(nameof(Logs))]
    public IResult Logs([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "logs")] HttpRequest request, FunctionContext context)
    {
        logger.LogInformation("said to the log");
        context.GetLogger("OmsWorkflows.SampleApp.Quiet").LogWarning("never shown");
        Console.WriteLine("said to the console");
        return Results.Ok();
    }

    /// <summary>Answers when the file named by <c>until</c> is there, or its caller has gone.</summary>
    [Function(nameof(Slow))]
    public async Task<IResult> Slow(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "slow")] HttpRequest request, CancellationToken cancellation)
    {
        var (begun, until) = (request.Query["begun"].ToString(), request.Query["until"].ToString());
        await File.WriteAllTextAsync(begun, "begun", CancellationToken.None);
        await Files.UntilThereAsync(until, cancellation);
        return Results.Text("slow");
    }
}
