/**
 * Where jobs are kept across restarts of a server, and which server runs them: the port, its plain
 * implementation in memory, and the port for jobs as text. May import the domain.
 */
@NullMarked
package io.fluxcore.application.job;

import org.jspecify.annotations.NullMarked;
