/**
 * Structured text with places: YAML and JSON as one tree in which every key and value knows its
 * line and column. Knows nothing of jobs. Imports the domain's errors and the parsers.
 */
@NullMarked
package io.fluxcore.adapters.in.jobfile.text;

import org.jspecify.annotations.NullMarked;
