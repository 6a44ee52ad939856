CREATE TABLE "app_channels" (
	"acs_trans_id" uuid PRIMARY KEY NOT NULL,
	"sdk_trans_id" text NOT NULL,
	"secret" text,
	"sdk_counter" smallint DEFAULT 0 NOT NULL,
	"acs_counter" smallint DEFAULT 0 NOT NULL,
	"rendering" jsonb NOT NULL
);
--> statement-breakpoint
ALTER TABLE "app_channels" ADD CONSTRAINT "app_channels_acs_trans_id_challenges_acs_trans_id_fk" FOREIGN KEY ("acs_trans_id") REFERENCES "public"."challenges"("acs_trans_id") ON DELETE cascade ON UPDATE no action;