/**
 * The {@code file} sink: rows in files that become visible whole. One public door; {@link
 * io.fluxcore.adapters.out.file.PartNames} says what they are called.
 */
@NullMarked
package io.fluxcore.adapters.out.file;

import org.jspecify.annotations.NullMarked;
