CREATE TABLE "consecutive_failures" (
	"subject" "bytea" NOT NULL,
	"lane" text NOT NULL,
	"count" integer NOT NULL,
	"last_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "consecutive_failures_subject_lane_pk" PRIMARY KEY("subject","lane")
);
--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "requestor_id" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "challenges" ADD COLUMN "network_tag" "bytea";--> statement-breakpoint
CREATE INDEX "consecutive_failures_last_at" ON "consecutive_failures" USING btree ("last_at");