using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OmsWorkflows.Local.AppHost;
using OmsWorkflows.Machines;

namespace OmsWorkflows.EndToEnd;

/// <summary>The sample receiver as a process of its own; what it was told outlives it.</summary>
internal sealed class ReceiverProcess : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly string _file = Path.Combine(Path.GetTempPath(), $"told-{Guid.NewGuid():N}.jsonl");
    private readonly int _port = FreePort.Find();
    private Process? _process;

    public string Secret { get; } = $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}";

    public string Url => $"http://127.0.0.1:{_port}/told";

    public void Start()
    {
        var start = new ProcessStartInfo(Programs.Dotnet)
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["Receiver__Secret"] = Secret,
                ["Receiver__File"] = _file,
            },
            ArgumentList = { Programs.Receiver, "--urls", $"http://127.0.0.1:{_port}" },
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException("The receiver could not be started.");
        while (_process.StandardOutput.ReadLine() is { } line && !line.StartsWith("Now listening", StringComparison.Ordinal))
        {
            // What it was told is read from its file.
        }

        _ = _process.StandardOutput.ReadToEndAsync();
    }

    public void Kill()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    public void Forget() => File.Delete(_file);

    /// <summary>What it was told of a journey or a deposit, in the order it came. What it could not verify is not among it.</summary>
    /// <param name="subject">The journey's id, or the deposit's transaction.</param>
    public IReadOnlyList<ToldNotification> Told(string subject)
    {
        var text = Encoding.UTF8.GetString(ReadAll());

        // The last line may be half written.
        return
        [
            .. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => JsonSerializer.Deserialize<ToldLine>(line, JsonSerializerOptions.Web)?.Notification)
                .OfType<ToldNotification>()
                .Where(notification => notification.Subject == subject),
        ];
    }

    /// <summary>Waits until it was told so many times of a journey or a deposit; answers what.</summary>
    public async Task<IReadOnlyList<ToldNotification>> UntilToldAsync(string subject, int count)
    {
        using var limit = new CancellationTokenSource(Limits.Wait);
        using var timer = new PeriodicTimer(Look);
        while (true)
        {
            var told = Told(subject);
            if (told.Count >= count)
                return told;
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"Told of {subject}: {told.Count} of {count}.");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }

    /// <summary>All it was told, as it came.</summary>
    public byte[] ReadAll()
    {
        if (!File.Exists(_file))
            return [];
        using var stream = new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }

    public void Dispose() => Kill();

    private sealed record ToldLine(ToldNotification Notification);
}

/// <summary>A notification as the receiver keeps it.</summary>
internal sealed record ToldNotification(string Type, long Sequence, JsonObject Data)
{
    public string? Subject => (string?)(Data["id"] ?? Data["transactionId"]);
}
