package io.fluxcore.adapters.in.cli;

import java.util.function.IntConsumer;

/** How the process is told to end: by Ctrl-C (signal 2) or a polite kill (signal 15). */
@FunctionalInterface
public interface Interrupts {
  /** From now on each signal calls the handler with its number, and does not end the process. */
  void handle(IntConsumer handler);
}
