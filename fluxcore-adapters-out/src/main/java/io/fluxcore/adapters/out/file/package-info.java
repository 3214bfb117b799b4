/**
 * The {@code file} sink: rows in files that become visible whole. One public door; {@link
 * io.fluxcore.adapters.out.file.FileWriter} says when what becomes visible.
 */
@NullMarked
package io.fluxcore.adapters.out.file;

import org.jspecify.annotations.NullMarked;
