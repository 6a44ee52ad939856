CREATE TABLE "operation_sequences" (
	"directory_server" text NOT NULL,
	"seq_id" uuid NOT NULL,
	"total" smallint NOT NULL,
	"latest" smallint NOT NULL,
	"broken" boolean NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "operation_sequences_directory_server_seq_id_pk" PRIMARY KEY("directory_server","seq_id")
);
--> statement-breakpoint
CREATE INDEX "operation_sequences_received_at" ON "operation_sequences" USING btree ("received_at");