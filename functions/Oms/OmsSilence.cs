namespace OmsWorkflows.Oms;

/// <summary>
/// OMS gave no answer that counts. What a journey keeps of it: serialisable, and without any text that OMS wrote, since that may quote a
/// person.
/// </summary>
/// <param name="Cause">One of <see cref="OmsCause"/>.</param>
/// <param name="RetryAfter">How long OMS asked to wait; <see langword="null"/> when it did not.</param>
/// <param name="Route">What was called, without ids, such as <c>GET /cash-ins/{id}</c>.</param>
/// <param name="Status">The HTTP status, if there was any.</param>
/// <param name="RequestId">OMS's id of the request, to quote to their support.</param>
public sealed record OmsSilence(string Cause, TimeSpan? RetryAfter, string Route, int? Status, string? RequestId);
