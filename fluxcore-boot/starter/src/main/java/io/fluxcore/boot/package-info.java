/**
 * Puts adapters and runtimes together into something that runs. Holds no logic; may import every
 * module, and no module imports it.
 */
@NullMarked
package io.fluxcore.boot;

import org.jspecify.annotations.NullMarked;
