/**
 * Job files: a job and its topology as YAML or JSON, with the words of the Java builder. {@link
 * io.fluxcore.adapters.in.jobfile.JobFileReader} reads them, {@link
 * io.fluxcore.adapters.in.jobfile.JobFileWriter} writes them, and {@link
 * io.fluxcore.adapters.in.jobfile.JobFileSchema} says what may stand in them. Imports the
 * application, the domain, and the libraries for JSON, YAML and JSON Schema.
 */
@NullMarked
package io.fluxcore.adapters.in.jobfile;

import org.jspecify.annotations.NullMarked;
