using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace OmsWorkflows.Local.AppHost;

/// <summary>
/// A port nobody uses now, for programs whose address has to be known before they run. None of those that outgoing connections are given:
/// one of them could take it until the program listens.
/// </summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Last = 29_999;

    public static int Find()
    {
        while (true)
        {
            var port = RandomNumberGenerator.GetInt32(First, Last + 1);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                // Another one then.
            }
        }
    }
}
