/**
 * Checkpoints in a directory of this machine, or of a file system that several machines see. May
 * import the JDK, the application and the domain.
 */
@NullMarked
package io.fluxcore.adapters.out.checkpoint;

import org.jspecify.annotations.NullMarked;
