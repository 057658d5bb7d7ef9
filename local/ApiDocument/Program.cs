using OmsWorkflows.Local.ApiDocument;

// dotnet run --project local/ApiDocument            writes docs/openapi.json
// dotnet run --project local/ApiDocument -- --check  compares it with the code: exit code 1 if they differ
var text = Document.Create();
if (args is not ["--check"])
{
    await File.WriteAllTextAsync(Repository.ApiDocument, text);
    Console.WriteLine($"Written: {Repository.ApiDocument}");
    return 0;
}

if (File.Exists(Repository.ApiDocument) && await File.ReadAllTextAsync(Repository.ApiDocument) == text)
    return 0;
await Console.Error.WriteLineAsync("docs/openapi.json differs from the code: dotnet run --project local/ApiDocument");
return 1;
