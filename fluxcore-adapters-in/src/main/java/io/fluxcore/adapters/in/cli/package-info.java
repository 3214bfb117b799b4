/**
 * The command line: {@code fluxcore run}, {@code validate}, {@code explain}, {@code schema} and
 * {@code server}. What it needs of the process, the engine and the server is handed in, so that it
 * can be driven by tests. Data goes to standard output, messages to standard error. Imports the
 * application, the domain, job files, picocli, and Jackson for results as JSON.
 */
@NullMarked
package io.fluxcore.adapters.in.cli;

import org.jspecify.annotations.NullMarked;
