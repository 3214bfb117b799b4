/**
 * What sinks have in common to which clients connect: options, writer, and the last rows, kept
 * once.
 */
@NullMarked
package io.fluxcore.adapters.out.push;

import org.jspecify.annotations.NullMarked;
