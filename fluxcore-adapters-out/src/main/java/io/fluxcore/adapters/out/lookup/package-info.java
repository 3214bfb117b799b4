/**
 * What connectors share that rows are looked up through: names that follow from keys, and rows that
 * are read from JSON or texts.
 *
 * <p>Imports {@code format} of this module, {@code application.connector} and {@code domain}.
 */
@NullMarked
package io.fluxcore.adapters.out.lookup;

import org.jspecify.annotations.NullMarked;
