/**
 * Rows that are looked up in services over HTTP.
 *
 * <p>Imports {@code http}, {@code lookup} and {@code outside} of this module, {@code
 * application.connector} and {@code domain}.
 */
@NullMarked
package io.fluxcore.adapters.out.rest;

import org.jspecify.annotations.NullMarked;
