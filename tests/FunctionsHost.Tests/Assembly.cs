using System.Runtime.Versioning;

// Signals, file modes and the orphan guard are those of Unix; on Windows the host runs without the last two.
[assembly: UnsupportedOSPlatform("windows")]
