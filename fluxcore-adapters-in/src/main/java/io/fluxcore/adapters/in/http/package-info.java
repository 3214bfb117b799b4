/**
 * The {@code http} source: events that are published into a named stream of this process from
 * outside, through {@link io.fluxcore.application.publish.PublishStreams}; kept in a spool until a
 * checkpoint holds them, if asked. One public door.
 */
@NullMarked
package io.fluxcore.adapters.in.http;

import org.jspecify.annotations.NullMarked;
