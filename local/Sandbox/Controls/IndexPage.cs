using System.Net;

namespace OmsWorkflows.Local.Sandbox.Controls;

/// <summary>A page for people: what can be done here, as lines to copy.</summary>
internal static class IndexPage
{
    private static readonly (string Title, string[] Lines)[] Sections =
    [
        ("A token", ["curl -s {url}/v0.9/auth/token -H 'Content-Type: application/json' -d '{\"apiKey\":\"sk_sdbx_local\",\"apiSecret\":\"local-sandbox\"}'"]),
        ("Look", [
            "curl -s {url}/_sim/deliveries",
            "curl -s {url}/_sim/ledger",
            "curl -s {url}/_sim/faults",
            "curl -s {url}/_sim/clock",
        ]),
        ("Let time pass", [
            "curl -s {url}/_sim/clock -d '{\"advance\":\"01:00:00\"}'",
            "curl -s {url}/_sim/clock -d '{\"next\":true}'",
        ]),
        ("Hand over cash", [
            "curl -s {url}/_sim/cash -d '{\"code\":\"482 90317\",\"amount\":\"120.00\"}'",
            "curl -s {url}/_sim/conversions/next -d '{\"fail\":true}'",
            "curl -s {url}/_sim/conversions/next -d '{\"delay\":\"00:30:00\"}'",
            "curl -s {url}/_sim/wallets/WALLET/deposit -d '{\"amount\":\"50.00\"}'",
        ]),
        ("Decide on people", [
            "curl -s {url}/_sim/endorsements -d '{\"decision\":\"never\"}'",
            "curl -s {url}/_sim/endorsements -d '{\"decision\":\"reject\",\"next\":true}'",
            "curl -s {url}/_sim/endorsements -d '{\"decision\":\"issues\",\"externalId\":\"user-1\",\"missing\":[\"identifyingInformation\"]}'",
            "curl -s {url}/_sim/endorsements -d '{\"decision\":\"revoke\",\"customerId\":\"CUSTOMER\",\"endorsements\":[\"usd\"]}'",
        ]),
        ("Break things", [
            "curl -s {url}/_sim/faults -d '[{\"fault\":\"drop\",\"match\":{\"event\":\"cashIn.completed\"}}]'",
            "curl -s {url}/_sim/faults -d '[{\"fault\":\"status\",\"status\":503,\"retryAfter\":2,\"times\":3,\"match\":{\"method\":\"POST\",\"path\":\"/cash-ins\"}}]'",
            "curl -s {url}/_sim/faults -d '[{\"fault\":\"cutAfter\",\"match\":{\"method\":\"POST\",\"path\":\"/customers\"}}]'",
            "curl -s {url}/_sim/faults -d '[{\"fault\":\"duplicate\",\"probability\":0.05,\"seed\":7}]'",
            "curl -s -X DELETE {url}/_sim/faults",
            "curl -s -X POST {url}/_sim/deliveries/DELIVERY/resend",
            "curl -s -X POST {url}/_sim/tokens/expire",
            "curl -s -X POST {url}/_sim/reset",
        ]),
    ];

    public static string Html(string url)
    {
        var sections = Sections.Select(section =>
            $"<h2>{section.Title}</h2>\n<pre>{WebUtility.HtmlEncode(string.Join('\n', section.Lines).Replace("{url}", url, StringComparison.Ordinal))}</pre>");
        return $$"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>OMS sandbox</title>
            <style>
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1c1c1e; background: #fff }
            h1 { font-size: 1.5rem } h2 { font-size: 1.05rem; margin: 1.5rem 0 .3rem }
            pre { background: #f4f4f6; padding: .75rem 1rem; border-radius: 6px; overflow-x: auto; font-size: .85rem; line-height: 1.6 }
            @media (prefers-color-scheme: dark) { body { color: #ececee; background: #18181b } pre { background: #27272a } }
            </style>
            </head>
            <body>
            <h1>OMS sandbox</h1>
            <p>The API is under <code>/v0.9</code> (and <code>/v0.11</code>). What follows steers the simulator and is no part of the API.</p>
            {{string.Join('\n', sections)}}
            </body>
            </html>
            """;
    }
}
