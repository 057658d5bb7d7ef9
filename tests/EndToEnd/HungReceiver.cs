using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OmsWorkflows.EndToEnd;

/// <summary>A receiver that takes every connection and never answers on any.</summary>
internal sealed class HungReceiver : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<TcpClient> _held = [];
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;

    public HungReceiver()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"http://{_listener.LocalEndpoint}/told";

    /// <summary>Done when somebody has begun to tell it something.</summary>
    public Task Asked => _asked.Task;

    public void Dispose()
    {
        _listener.Dispose();
        _accepting.Wait();
        foreach (var client in _held)
            client.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _held.Add(await _listener.AcceptTcpClientAsync());
                _asked.TrySetResult();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has been disposed of.
        }
    }
}
