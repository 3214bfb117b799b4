/**
 * What FluxCore does with the domain: the use cases, the planner, and the ports to the outside.
 * Imports the domain and the JDK only.
 */
@NullMarked
package io.fluxcore.application;

import org.jspecify.annotations.NullMarked;
