/**
 * Where jobs are kept across restarts of a server: the port, and its plain implementation in
 * memory.
 */
@NullMarked
package io.fluxcore.application.job;

import org.jspecify.annotations.NullMarked;
