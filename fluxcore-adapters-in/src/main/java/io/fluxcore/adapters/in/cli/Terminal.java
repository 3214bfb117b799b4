package io.fluxcore.adapters.in.cli;

import java.io.PrintStream;

/**
 * What the command line knows of the terminal it runs in.
 *
 * @param out data
 * @param err messages
 * @param errIsTerminal whether a person watches the messages, so that a progress line makes sense
 * @param colour whether messages may have colours
 */
public record Terminal(PrintStream out, PrintStream err, boolean errIsTerminal, boolean colour) {}
