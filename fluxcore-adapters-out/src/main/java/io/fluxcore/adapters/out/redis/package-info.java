/**
 * The {@code redis} sink: rows as keys, hashes, entries of streams and lists, or messages. One
 * public door. May import the application, the domain, the encoders and Lettuce.
 */
@NullMarked
package io.fluxcore.adapters.out.redis;

import org.jspecify.annotations.NullMarked;
