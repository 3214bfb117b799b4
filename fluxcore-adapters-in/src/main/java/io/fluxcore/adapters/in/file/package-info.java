/**
 * The {@code file} source: files of JSON lines, CSV or text lines, read once from their beginning
 * to their end, or followed as logs that grow and are rotated. One public door.
 */
@NullMarked
package io.fluxcore.adapters.in.file;

import org.jspecify.annotations.NullMarked;
