ALTER TABLE "challenges" DROP COLUMN "way";--> statement-breakpoint
ALTER TABLE "challenges" DROP COLUMN "asked_in_account";--> statement-breakpoint
ALTER TABLE "challenges" DROP COLUMN "code_tag";--> statement-breakpoint
ALTER TABLE "challenges" DROP COLUMN "code_key_id";--> statement-breakpoint
ALTER TABLE "challenges" DROP COLUMN "earlier_codes";--> statement-breakpoint
ALTER TABLE "challenges" DROP COLUMN "method";--> statement-breakpoint
ALTER TABLE "challenges" DROP COLUMN "destination";--> statement-breakpoint
ALTER TABLE "challenges" DROP COLUMN "destination_mobile";