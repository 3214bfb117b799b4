/**
 * The command line: {@code fluxcore run}, {@code validate}, {@code explain} and {@code schema} with
 * an engine in this process, {@code job} and {@code stream} with a server by its REST API, {@code
 * server} for such a server itself. What it needs of the process, the engine and the server is
 * handed in, so that it can be driven by tests. Data goes to standard output, messages to standard
 * error. Imports the application, the domain, job files, picocli, JLine and Jackson for JSON.
 */
@NullMarked
package io.fluxcore.adapters.in.cli;

import org.jspecify.annotations.NullMarked;
