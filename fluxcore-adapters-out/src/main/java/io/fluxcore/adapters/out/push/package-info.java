/**
 * The last rows of sinks to which clients connect, kept once for all of them. Imports nothing but
 * the JDK.
 */
@NullMarked
package io.fluxcore.adapters.out.push;

import org.jspecify.annotations.NullMarked;
