/**
 * The crash proof: runs a job in a real server, kills and disturbs that, and has what it committed
 * compared with a plain computation. {@code bin/chaos} calls it. Knows the server from outside
 * only: its process, its files and its REST API.
 */
@NullMarked
package io.fluxcore.chaos;

import org.jspecify.annotations.NullMarked;
