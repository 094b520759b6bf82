/** What it costs an application to embed the library. */
package io.millrace.samples.embedded;
