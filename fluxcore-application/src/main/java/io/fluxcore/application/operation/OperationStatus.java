package io.fluxcore.application.operation;

/** How far an operation is. */
public enum OperationStatus {
  /** Accepted; nothing was done yet. */
  PENDING,
  RUNNING,
  SUCCEEDED,
  /** It could not be done; the error says why, and what became of the job. */
  FAILED,
  /** Its job was cancelled or stopped before it was done. */
  CANCELLED;

  /** Whether nothing more will come. */
  public boolean isTerminal() {
    return this != PENDING && this != RUNNING;
  }
}
