using Microsoft.Playwright;

namespace OmsWorkflows.Console.Tests;

/// <summary>The pictures of the README. Tests make them anew when they are asked to (<c>.ci/pictures</c>).</summary>
internal static class Pictures
{
    /// <summary>Names the folder they go to; without it none is made.</summary>
    private const string Folder = "OMS_WORKFLOWS_PICTURES";

    public static async Task TakeAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable(Folder) is not { Length: > 0 } folder)
            return;
        await page.Mouse.MoveAsync(0, 0);
        // What passes is not worth a picture.
        await page.EvaluateAsync("document.getElementById('toast')?.replaceChildren()");
        await page.ScreenshotAsync(new()
        {
            Path = Path.Combine(folder, $"{name}.png"),
            Animations = ScreenshotAnimations.Disabled,
        });
    }
}
