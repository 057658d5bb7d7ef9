using System.Net;
using System.Net.Sockets;

namespace OmsWorkflows.Local.AppHost;

/// <summary>A port nobody uses now. For programs whose address has to be known before they run.</summary>
internal static class FreePort
{
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
