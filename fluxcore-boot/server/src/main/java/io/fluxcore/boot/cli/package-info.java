/**
 * The program {@code fluxcore}: gives the command line its terminal, its signals and an engine in
 * this process. Holds no logic; may import every module.
 */
@NullMarked
package io.fluxcore.boot.cli;

import org.jspecify.annotations.NullMarked;
