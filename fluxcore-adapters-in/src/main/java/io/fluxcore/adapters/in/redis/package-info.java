/**
 * The source {@code redis}: streams of Redis, each of which is a split. Imports the application,
 * the formats and the client of Redis.
 */
@NullMarked
package io.fluxcore.adapters.in.redis;

import org.jspecify.annotations.NullMarked;
