using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OmsWorkflows.Http;

/// <summary>Says at the start how callers are known, where that is less than real money asks for.</summary>
internal sealed class AccessNotice(SignIn signIn, ILogger<AccessNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        switch (signIn.State)
        {
            case SignInState.Off:
                logger.KeysAlone();
                break;
            case SignInState.Contradiction:
                logger.SignInContradicted();
                break;
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
