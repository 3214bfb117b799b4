/**
 * Rows in parts, files or objects, that become visible whole, each with the checkpoint that it
 * belongs to: how rows are shared out among directories, when a part ends and the next one begins.
 * What the sinks {@code file} and {@code s3} share; where parts are kept is theirs to say ({@link
 * io.fluxcore.adapters.out.parts.PartStore}). Imports the application, the domain and the formats.
 */
@NullMarked
package io.fluxcore.adapters.out.parts;

import org.jspecify.annotations.NullMarked;
