namespace Forkpty;

/// <summary>Somebody who works for the lanes off their threads, and answers them by mail.</summary>
internal interface IWorker
{
    /// <summary>Waits until all is done that was asked for by now. Not on a lane's thread.</summary>
    /// <param name="milliseconds">How long it waits at most.</param>
    /// <returns>Whether it is.</returns>
    bool TryFinish(int milliseconds);
}
