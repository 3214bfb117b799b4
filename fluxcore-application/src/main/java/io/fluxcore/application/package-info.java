/**
 * The use cases of FluxCore and the ports to the outside.
 *
 * <p>Imports the domain only.
 */
@NullMarked
package io.fluxcore.application;

import org.jspecify.annotations.NullMarked;
