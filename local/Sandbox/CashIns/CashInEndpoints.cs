using OmsWorkflows.Local.Sandbox.Http;

namespace OmsWorkflows.Local.Sandbox.CashIns;

/// <summary>Create, read, list and refresh cash-ins (docs/oms-api.md 7), and the simulated till (docs/oms-api.md 10).</summary>
internal static class CashInEndpoints
{
    public static void MapCashIns(this IEndpointRouteBuilder api)
    {
        api.MapPost("/cash-ins", async (HttpRequest request, World world, CashInDesk desk) =>
        {
            var wanted = CashInRequest.Read(await JsonBody.ReadAsync(request));
            lock (world.Gate)
                return Answer.Created(CashInView.Of(desk.Create(wanted)));
        });
        api.MapGet("/cash-ins/{id}", (string id, World world) =>
        {
            lock (world.Gate)
                return Answer.Ok(CashInView.Of(World.Find(world.CashIns, id)));
        });
        api.MapGet("/cash-ins", (HttpRequest request, World world) =>
        {
            var customerId = request.Query["customerId"].FirstOrDefault();
            var status = request.Query["status"].FirstOrDefault();
            lock (world.Gate)
            {
                var wanted = world.CashIns.Values
                    .Where(cashIn => customerId is null || cashIn.CustomerId == customerId)
                    .Where(cashIn => status is null || string.Equals(cashIn.Status.ToString(), status, StringComparison.OrdinalIgnoreCase));
                return Answer.Ok(Paging.Cut(wanted, request, CashInView.Of));
            }
        });
        api.MapPost("/cash-ins/{id}/refresh", (string id, World world, CashInDesk desk) =>
        {
            lock (world.Gate)
                return Answer.Ok(CashInView.Of(desk.Refresh(World.Find(world.CashIns, id))));
        });
        api.MapPost("/cash-ins/simulate/barcode-auth", async (HttpRequest request, World world, Till till) =>
        {
            var body = await JsonBody.ReadAsync(request);
            var (barcode, amount) = (body.RequiredText("barcode"), body.RequiredMoney("amount"));
            _ = (body.Text("merchantName"), body.Text("storeNumber"));
            body.Check();
            lock (world.Gate)
                return Answer.Ok(till.Authorise(barcode, amount));
        });
        api.MapPost("/cash-ins/simulate/auth-commit", async (HttpRequest request, World world, Till till) =>
        {
            var commit = TillCommit.Read(await JsonBody.ReadAsync(request));
            lock (world.Gate)
                return Answer.Ok(till.Commit(commit));
        });
    }
}
