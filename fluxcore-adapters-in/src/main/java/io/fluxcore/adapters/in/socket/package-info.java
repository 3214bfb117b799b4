/**
 * The {@code socket} source: records that come over TCP, from a server that is called or from
 * clients that call; in a spool until a checkpoint holds them, if asked. One public door.
 */
@NullMarked
package io.fluxcore.adapters.in.socket;

import org.jspecify.annotations.NullMarked;
