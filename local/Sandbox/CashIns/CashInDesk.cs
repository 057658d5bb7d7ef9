using System.Globalization;
using OmsWorkflows.Local.Sandbox.Customers;
using OmsWorkflows.Local.Sandbox.Http;
using OmsWorkflows.Local.Sandbox.Locations;
using OmsWorkflows.Local.Sandbox.Time;
using OmsWorkflows.Local.Sandbox.Webhooks;

namespace OmsWorkflows.Local.Sandbox.CashIns;

/// <summary>Gives out deposit codes, renews them, lets them run out. Call it holding the world's gate.</summary>
internal sealed class CashInDesk(
    World world, IdSource ids, Agenda agenda, SandboxClock clock, SandboxOptions options, LocationReferences references,
    Announcer announcer)
{
    public CashIn Create(CashInRequest wanted)
    {
        var customer = World.Find(world.Customers, wanted.CustomerId);
        // Cash-in needs these two (docs/oms-api.md 4.3).
        customer.RequireMoneyMovement(EndorsementNames.Basic, EndorsementNames.Usd);
        world.RequireWallet(customer.Id, wanted.Target);
        var location = references.Require(wanted.Place);
        if (!CashInLimits.AllowsOne(wanted.Indicated, location))
            throw ApiException.LimitExceeded();
        KillOldestOpenCode(customer.Id);

        var cashIn = new CashIn(ids.Next("ci"), customer.Id, location, wanted.Target, wanted.Indicated, clock.Now)
        {
            Place = wanted.Place,
            Code = NewCode(),
            ExpiresAt = clock.Now + options.CodeLifetime,
            Email = wanted.Email ?? customer.Email,
            Metadata = wanted.Metadata ?? new Dictionary<string, string>(),
        };
        world.CashIns.Add(cashIn.Id, cashIn);
        ExpireLater(cashIn);
        announcer.CashInChanged(cashIn, "created");
        return cashIn;
    }

    public CashIn Refresh(CashIn cashIn)
    {
        if (!cashIn.Refreshable || cashIn.Refreshes >= options.MaxRefreshes)
            throw ApiException.InvalidState(
                "The cash-in cannot be refreshed in its current status.", cashIn.Status.ToString().ToLowerInvariant());
        cashIn.Refresh(NewCode(), clock.Now + options.CodeLifetime, clock.Now);
        ExpireLater(cashIn);
        return cashIn;
    }

    private void ExpireLater(CashIn cashIn)
    {
        var round = cashIn.Refreshes;
        agenda.At(NextSweep(cashIn.ExpiresAt), () =>
        {
            lock (world.Gate)
            {
                if (cashIn.Refreshes != round || cashIn.Status != CashInStatus.Pending)
                    return;
                cashIn.Expire(clock.Now);
                announcer.CashInChanged(cashIn, "expired");
            }
        });
    }

    /// <summary>Codes are marked expired in sweeps, so the status follows the clock with a lag (docs/oms-api.md 7.3, 11).</summary>
    private DateTimeOffset NextSweep(DateTimeOffset due)
    {
        var sweep = options.ExpirySweep.Ticks;
        if (sweep == 0)
            return due;
        var late = due.UtcTicks % sweep;
        return late == 0 ? due : due.AddTicks(sweep - late);
    }

    /// <summary>Too many open codes delete the oldest (docs/oms-api.md 10.1); off unless set.</summary>
    private void KillOldestOpenCode(string customerId)
    {
        var open = world.CashIns.Values.Where(cashIn => cashIn.CustomerId == customerId && cashIn.Status == CashInStatus.Pending).ToList();
        if (open.Count < options.MaxOpenCodes)
            return;
        if (options.MaxOpenCodes is null)
            return;
        var oldest = open.MinBy(cashIn => cashIn.CreatedAt)!;
        oldest.ExpiresAt = clock.Now;
        oldest.Expire(clock.Now);
        announcer.CashInChanged(oldest, "expired");
    }

    private string NewCode()
    {
        while (true)
        {
            var digits = (BitConverter.ToUInt32(ids.Bytes("code", 4)) % 100_000_000).ToString("00000000", CultureInfo.InvariantCulture);
            var code = $"{digits[..3]} {digits[3..]}";
            if (world.CashIns.Values.All(cashIn => cashIn.Code != code))
                return code;
        }
    }
}
