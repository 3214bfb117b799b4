/**
 * The connectors that there are, and whether the other side of a job's connectors can be reached,
 * as the API and the command line tell it. Imports job files and the application.
 */
@NullMarked
package io.fluxcore.adapters.in.catalogue;

import org.jspecify.annotations.NullMarked;
