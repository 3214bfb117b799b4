/**
 * Random queries over random tables, each with what it must come to: the text and the rows are made
 * side by side, the rows by loops over lists. Shares nothing with the engine.
 */
@NullMarked
package io.fluxcore.infrastructure.sql.model;

import org.jspecify.annotations.NullMarked;
