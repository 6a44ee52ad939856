-- Rows of processes that are alive come back within ten seconds.
DELETE FROM "pulses";--> statement-breakpoint
ALTER TABLE "pulses" DROP CONSTRAINT "pulses_pkey";--> statement-breakpoint
ALTER TABLE "pulses" ADD COLUMN "id" uuid PRIMARY KEY NOT NULL;--> statement-breakpoint
ALTER TABLE "pulses" ADD COLUMN "host" text NOT NULL;--> statement-breakpoint
ALTER TABLE "pulses" ADD COLUMN "pid" integer NOT NULL;--> statement-breakpoint
ALTER TABLE "pulses" ADD COLUMN "started_at" timestamp (3) with time zone NOT NULL;--> statement-breakpoint
ALTER TABLE "pulses" ADD COLUMN "round_at" timestamp (3) with time zone;